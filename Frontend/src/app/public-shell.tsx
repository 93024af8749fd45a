import { Moon, Sun } from 'lucide-react';
import { Link, Outlet } from 'react-router';
import { IconButton } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { setThemeWish, useDark } from '@/lib/theme';
import { m } from '@/lib/messages';

export function PublicShell() {
  const dark = useDark();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="page-wide flex h-18 items-center gap-3">
        <Link to="/" aria-label={m.app_logo_to_start()} className="mr-auto rounded-lg">
          <Logo />
        </Link>
        <IconButton
          label={dark ? m.app_switch_light_colours() : m.app_switch_dark_colours()}
          size="small"
          onClick={() => setThemeWish(dark ? 'light' : 'dark')}
        >
          {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
        </IconButton>
      </header>
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        <Outlet />
      </main>
      <footer className="page-wide py-8 text-sm text-ink-faint">{m.app_footer()}</footer>
    </div>
  );
}
