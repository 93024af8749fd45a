import { House, RotateCw } from 'lucide-react';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { Button } from '@/ui/button';
import { m } from '@/lib/messages';

/** A chunk that is gone means that a newer version has been installed since this page was opened. */
function isMissingChunk(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|module script failed/i.test(error.message);
}

export function RouteError() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  const outdated = isMissingChunk(error);
  return (
    <main id="content" role="alert" className="mx-auto grid max-w-md justify-items-center gap-4 px-4 py-20 text-center">
      <title>{m.app_error_page_title()}</title>
      <h1 className="text-headline">
        {outdated ? m.app_error_outdated() : missing ? m.app_error_missing() : m.app_error_title()}
      </h1>
      <p className="text-ink-soft">{outdated ? m.app_error_outdated_text() : m.app_error_text()}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={() => window.location.reload()}>
          <RotateCw aria-hidden /> {m.app_reload()}
        </Button>
        <Button asChild variant="secondary">
          <a href="/dashboard">
            <House aria-hidden /> {m.app_my_interviews()}
          </a>
        </Button>
      </div>
    </main>
  );
}
