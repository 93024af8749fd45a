import { Plus } from 'lucide-react';
import { Link, NavLink, Outlet, useMatch } from 'react-router';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Logo } from '@/ui/logo';
import { AccountButton } from './account-button';
import { m } from '@/lib/messages';

export function AppShell() {
  const onDashboard = useMatch('/dashboard');
  const onNew = useMatch('/new');
  // The dashboard has a larger button for the same, and the wizard is already there.
  const offered = onDashboard !== null || onNew !== null;
  return (
    <>
      <header className="sticky top-0 z-30 border-b border-line bg-page/90 backdrop-blur-md">
        <div className="page-wide flex h-16 items-center gap-2 sm:gap-4">
          <Link to="/dashboard" aria-label={m.app_logo_to_interviews()} className="mr-auto rounded-lg">
            <Logo />
          </Link>
          <nav aria-label={m.app_navigation()} className="flex items-center gap-1 sm:gap-2">
            <NavLink
              to="/dashboard"
              className={({ isActive }) =>
                classNames(
                  'hidden rounded-lg px-3 py-2 text-compact font-medium hover:bg-sunken sm:block',
                  isActive ? 'text-ink' : 'text-ink-soft',
                )
              }
            >
              {m.app_my_interviews()}
            </NavLink>
            {!offered && (
              <Button asChild size="small" className="max-sm:aspect-square max-sm:px-0">
                <Link to="/new">
                  <Plus aria-hidden />
                  <span className="max-sm:sr-only">{m.app_new_interview()}</span>
                </Link>
              </Button>
            )}
          </nav>
          <AccountButton />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="pt-8 pb-24 outline-none sm:pt-10">
        <Outlet />
      </main>
    </>
  );
}
