import { VideoOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { classNames } from '@/ui/class-names';
import { initialsOf } from '../recorder/recorded-picture';

interface SelfViewProps {
  preview: MediaStream | null;
  name: string;
  className?: string;
}

/** The candidate as a mirror shows them, or their initials. */
export function SelfView({ preview, name, className }: SelfViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = preview;
  }, [preview]);
  return (
    <div
      className={classNames(
        'grid place-items-center overflow-hidden rounded-xl border border-white/25 bg-[#16202c] text-[#c3cfdc]',
        className,
      )}
    >
      {preview ? (
        <video
          ref={video}
          autoPlay
          muted
          playsInline
          aria-label="Your camera"
          className="size-full -scale-x-100 object-cover"
        />
      ) : (
        <span className="flex flex-col items-center gap-1 text-label sm:text-lg">
          <span aria-hidden>{initialsOf(name)}</span>
          <VideoOff aria-hidden className="size-4 opacity-70" />
          <span className="sr-only">Your camera is off</span>
        </span>
      )}
    </div>
  );
}
