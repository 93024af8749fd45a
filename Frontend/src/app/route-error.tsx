import { House, RotateCw } from 'lucide-react';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { Button } from '@/ui/button';

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
      <title>Something went wrong · InterviewDost</title>
      <h1 className="text-headline">
        {outdated ? 'A newer version is ready' : missing ? 'There is nothing here' : 'This page stumbled'}
      </h1>
      <p className="text-ink-soft">
        {outdated
          ? 'Or the connection dropped while the page was loading. Reloading brings it back; nothing you entered is lost.'
          : 'It is our mistake, not yours. What you have said and written is safe on the server.'}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={() => window.location.reload()}>
          <RotateCw aria-hidden /> Reload
        </Button>
        <Button asChild variant="secondary">
          <a href="/dashboard">
            <House aria-hidden /> My interviews
          </a>
        </Button>
      </div>
    </main>
  );
}
