import { useEffect, useRef, useState, type ReactNode } from 'react';

/** Draws (and so loads) what it holds once it comes near the screen. */
export function LazySection({ children, minHeight }: { children: ReactNode; minHeight: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(() => typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    if (seen || !place.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [seen]);
  return (
    <div ref={place} style={{ minHeight }}>
      {seen && children}
    </div>
  );
}
