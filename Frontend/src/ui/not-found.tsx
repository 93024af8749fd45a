import { House } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from './button';
import { LogoMark } from './logo';
import { m } from '@/lib/messages';

export function NotFound() {
  return (
    <div
      id="content"
      tabIndex={-1}
      className="mx-auto grid max-w-md justify-items-center gap-4 px-4 py-24 text-center outline-none"
    >
      <title>{m.ui_not_found_page_title()}</title>
      <LogoMark className="size-12" />
      <h1 className="text-headline">{m.ui_not_found_title()}</h1>
      <p className="text-ink-soft">{m.ui_not_found_text()}</p>
      <Button asChild>
        <Link to="/dashboard">
          <House aria-hidden /> {m.ui_to_my_interviews()}
        </Link>
      </Button>
    </div>
  );
}
