import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { m } from '@/lib/messages';

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

export function OfflineNotice() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status" aria-live="polite">
      {!online && (
        <p className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-sm font-medium">
          <WifiOff aria-hidden className="size-4 text-warn" />
          {m.app_offline()}
        </p>
      )}
    </div>
  );
}
