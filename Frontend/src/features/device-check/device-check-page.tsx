import { useQuery } from '@tanstack/react-query';
import { ArrowRight, Camera, Keyboard, Mic, Volume2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Notice } from '@/ui/notice';
import { ErrorState, Spinner } from '@/ui/states';
import { interviewNowQuery } from '@/lib/api/interviews';
import { wordsFor } from '@/lib/api/problem';
import type { InterviewDetail, VendorUse } from '@/lib/api/types';
import { writeDeviceChoice } from '@/lib/media/device-choice';
import { useConsent } from './api';
import { ConsentCard, type ConsentAnswer } from './consent-card';
import { DevicePanel } from './device-panel';
import { LevelMeter } from './level-meter';
import { SpeakerTest } from './speaker-test';
import { useDeviceCheck } from './use-device-check';

export function Component() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery(interviewNowQuery('device-check', id));
  if (data === undefined) {
    if (error === null) return <Spinner label="One moment…" />;
    return <ErrorState title="We could not find your interview" error={error} onRetry={() => void refetch()} />;
  }
  const { interview, setup } = data;
  const { status } = interview;
  if (status === 'processing' || status === 'completed') return <Navigate to={`/interviews/${id}/results`} replace />;
  if (status === 'preparing' || status === 'failed') return <Navigate to={`/interviews/${id}`} replace />;
  return <DeviceCheckPage interview={interview} vendors={setup.vendors} />;
}

function DeviceCheckPage({ interview, vendors }: { interview: InterviewDetail; vendors: VendorUse[] }) {
  const navigate = useNavigate();
  const consenting = useConsent(interview.id);
  const check = useDeviceCheck();
  const { camera, microphone, start } = check;
  const [answer, setAnswer] = useState<ConsentAnswer>(interview.consented_at ? 'yes' : null);
  const [missing, setMissing] = useState(false);
  const [sending, setSending] = useState<'room' | 'typing' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const consent = useRef<HTMLDivElement>(null);

  useEffect(() => {
    // One after the other: two questions of the browser at once confuse more than they save.
    void start('microphone').then(() => start('camera'));
  }, [start]);

  const goOn = async (typing: boolean) => {
    if (answer === null) {
      setMissing(true);
      consent.current?.scrollIntoView({ block: 'center', behavior: 'smooth' });
      consent.current?.querySelector('input')?.focus({ preventScroll: true });
      return;
    }
    setSending(typing ? 'typing' : 'room');
    setError(null);
    try {
      await consenting.mutateAsync(answer === 'yes');
      writeDeviceChoice(typing ? { ...check.choice, microphone: false } : check.choice);
      void navigate(`/interviews/${interview.id}/room`);
    } catch (thrown) {
      setError(thrown);
      setSending(null);
    }
  };

  const voice = microphone.status === 'on';
  return (
    <div className="page-wide">
      <title>Camera and microphone · InterviewDost</title>
      <Link to={`/interviews/${interview.id}`} className="text-label text-accent">
        Back to the questions
      </Link>
      <h1 className="mt-2 text-title">Can we see and hear you?</h1>
      <p className="mt-2 max-w-2xl text-ink-soft">
        Half a minute now saves worry later. Everything here stays in your browser until the interview begins.
      </p>

      <div className="mt-6 grid gap-4 lg:grid-cols-2">
        <DevicePanel
          title="Camera"
          icon={<Camera aria-hidden />}
          view={camera}
          devices={check.cameras}
          deviceId={check.choice.cameraId}
          startWords="Turn camera on"
          without="You can go on without a camera."
          onStart={(id) => void start('camera', id)}
          onStop={() => check.stop('camera')}
        >
          <Preview stream={camera.status === 'on' ? camera.stream : null} />
        </DevicePanel>

        <div className="grid content-start gap-4">
          <DevicePanel
            title="Microphone"
            icon={<Mic aria-hidden />}
            view={microphone}
            devices={check.microphones}
            deviceId={check.choice.microphoneId}
            startWords="Turn microphone on"
            without="You can answer by typing instead."
            onStart={(id) => void start('microphone', id)}
            onStop={() => check.stop('microphone')}
          >
            {microphone.status === 'on' && <LevelMeter stream={microphone.stream} />}
          </DevicePanel>
          <Card aria-labelledby="speaker" className="grid gap-4">
            <h2 id="speaker" className="flex items-center gap-2 text-subheading">
              <Volume2 aria-hidden className="size-5 text-accent" /> Speaker
            </h2>
            <SpeakerTest />
          </Card>
        </div>
      </div>

      <div ref={consent} className="mt-4">
        <ConsentCard
          answer={answer}
          withCamera={camera.status === 'on'}
          missing={missing && answer === null}
          vendors={vendors}
          onAnswer={setAnswer}
        />
      </div>

      {error !== null && (
        <Notice tone="bad" className="mt-4" title="That did not work yet">
          {wordsFor(error)}
        </Notice>
      )}

      <div className="mt-6 flex flex-wrap items-center gap-3">
        <Button
          size="large"
          className="max-sm:w-full"
          busy={sending === 'room'}
          disabled={sending === 'typing'}
          onClick={() => void goOn(!voice)}
        >
          {voice ? (camera.status === 'on' ? 'Go to the interview' : 'Go on without a camera') : 'Go on by typing'}
          <ArrowRight aria-hidden />
        </Button>
        {voice && (
          <Button
            variant="ghost"
            size="large"
            className="max-sm:w-full"
            busy={sending === 'typing'}
            disabled={sending === 'room'}
            onClick={() => void goOn(true)}
          >
            <Keyboard aria-hidden /> Answer by typing
          </Button>
        )}
      </div>
    </div>
  );
}

function Preview({ stream }: { stream: MediaStream | null }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <div className="grid aspect-[4/3] place-items-center overflow-hidden rounded-xl bg-[#16202c] text-[#93a4b8]">
      {stream ? (
        <video
          ref={video}
          autoPlay
          muted
          playsInline
          aria-label="Your camera"
          className="size-full -scale-x-100 object-cover"
        />
      ) : (
        <p className="px-6 text-center text-sm">Your picture appears here.</p>
      )}
    </div>
  );
}
