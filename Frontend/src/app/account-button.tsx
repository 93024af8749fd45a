import { Suspense, lazy, useState } from 'react';
import { AccountFace } from './account-face';

const load = () => import('./account-menu');
const AccountMenu = lazy(load);

/** The menu's machinery is fetched when a hand comes near it, and opens with the click that asked for it. */
export function AccountButton() {
  const [asked, setAsked] = useState(false);
  const face = (
    <AccountFace onPointerEnter={() => void load()} onFocus={() => void load()} onClick={() => setAsked(true)} />
  );
  if (!asked) return face;
  return (
    <Suspense fallback={face}>
      <AccountMenu />
    </Suspense>
  );
}
