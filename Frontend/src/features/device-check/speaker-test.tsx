import { Volume2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/ui/button';

/** Three soft notes, made on the spot. @throws when this browser has no Web Audio. */
async function playChime(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  const notes = [523.25, 659.25, 783.99];
  notes.forEach((hertz, index) => {
    const begin = context.currentTime + 0.05 + index * 0.28;
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(0.22, begin + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.0005, begin + 0.6);
    tone.connect(gain).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + 0.65);
  });
  await new Promise((done) => setTimeout(done, 1400));
  await context.close();
}

export function SpeakerTest() {
  const [state, setState] = useState<'untried' | 'playing' | 'played' | 'failed'>('untried');
  const playing = useRef(false);
  const play = async () => {
    if (playing.current) return;
    playing.current = true;
    setState('playing');
    try {
      await playChime();
      setState('played');
    } catch {
      setState('failed');
    } finally {
      playing.current = false;
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button variant="secondary" size="small" busy={state === 'playing'} onClick={() => void play()}>
        <Volume2 aria-hidden /> {state === 'untried' ? 'Play a sound' : 'Play it again'}
      </Button>
      <p role="status" className="min-w-40 flex-1 text-sm text-ink-soft">
        {state === 'played' &&
          'Did you hear three notes? If not, turn the volume up or choose another speaker in your system.'}
        {state === 'failed' && 'This browser cannot play sound here. The questions are also shown as text.'}
        {state === 'playing' && 'Playing…'}
        {state === 'untried' && 'You should hear three soft notes.'}
      </p>
    </div>
  );
}
