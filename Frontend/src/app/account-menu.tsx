import { LogOut, Monitor, Moon, ShieldCheck, Sun, UserRound } from 'lucide-react';
import { useNavigate } from 'react-router';
import { Menu, MenuChoice, MenuItem, MenuLine } from '@/ui/menu';
import { tell } from '@/ui/toast';
import { wordsFor } from '@/lib/api/problem';
import { useAuth, useMe } from '@/lib/auth/auth-context';
import { setThemeWish, useThemeWish } from '@/lib/theme';
import { AccountFace } from './account-face';
import { m } from '@/lib/messages';

const THEME_CHOICES = [
  { value: 'system', label: m.app_theme_system, icon: <Monitor aria-hidden /> },
  { value: 'light', label: m.app_theme_light, icon: <Sun aria-hidden /> },
  { value: 'dark', label: m.app_theme_dark, icon: <Moon aria-hidden /> },
] as const;

export default function AccountMenu() {
  const me = useMe();
  const { signOut } = useAuth();
  const navigate = useNavigate();
  const wish = useThemeWish();
  const leave = () => {
    signOut()
      .then(() => navigate('/', { replace: true }))
      .catch((error: unknown) => tell(wordsFor(error), 'bad'));
  };
  return (
    <Menu defaultOpen trigger={<AccountFace />}>
      <div className="px-3 py-2">
        <p className="max-w-52 truncate font-semibold">{me.name}</p>
        <p className="max-w-52 truncate text-sm text-ink-faint">{me.email}</p>
      </div>
      <MenuLine />
      <MenuItem onSelect={() => void navigate('/account')}>
        <UserRound aria-hidden /> {m.app_account()}
      </MenuItem>
      {me.role === 'admin' && (
        <MenuItem onSelect={() => void navigate('/admin')}>
          <ShieldCheck aria-hidden /> {m.app_administration()}
        </MenuItem>
      )}
      <MenuLine />
      <MenuChoice
        label={m.app_appearance()}
        value={wish}
        choices={THEME_CHOICES.map((choice) => ({ ...choice, label: choice.label() }))}
        onChange={setThemeWish}
      />
      <MenuLine />
      <MenuItem onSelect={leave}>
        <LogOut aria-hidden /> {m.app_sign_out()}
      </MenuItem>
    </Menu>
  );
}
