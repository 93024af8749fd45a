import { Moon, Sun } from 'lucide-react';
import { Link, Outlet } from 'react-router';
import { IconButton } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { setThemeWish, useDark } from '@/lib/theme';

export function PublicShell() {
  const dark = useDark();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="page-wide flex h-18 items-center gap-3">
        <Link to="/" aria-label="InterviewDost, start page" className="mr-auto rounded-lg">
          <Logo />
        </Link>
        <IconButton
          label={dark ? 'Switch to light colours' : 'Switch to dark colours'}
          size="small"
          onClick={() => setThemeWish(dark ? 'light' : 'dark')}
        >
          {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
        </IconButton>
      </header>
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        <Outlet />
      </main>
      <footer className="page-wide py-8 text-sm text-ink-faint">Free software, yours to run and to read.</footer>
    </div>
  );
}
