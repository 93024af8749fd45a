import { House } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from './button';
import { LogoMark } from './logo';

export function NotFound() {
  return (
    <div
      id="content"
      tabIndex={-1}
      className="mx-auto grid max-w-md justify-items-center gap-4 px-4 py-24 text-center outline-none"
    >
      <title>Not found · InterviewDost</title>
      <LogoMark className="size-12" />
      <h1 className="text-headline">We could not find this page</h1>
      <p className="text-ink-soft">The address may be mistyped, or what was here has been deleted.</p>
      <Button asChild>
        <Link to="/dashboard">
          <House aria-hidden /> To my interviews
        </Link>
      </Button>
    </div>
  );
}
