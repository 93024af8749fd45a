import { useCallback, useEffect, useRef, useState } from 'react';
import { everythingOn, readDeviceChoice, type DeviceChoice } from '@/lib/media/device-choice';
import {
  deviceError,
  listDevices,
  openCamera,
  openMicrophone,
  stopStream,
  type DeviceError,
  type DeviceOption,
} from '@/lib/media/media-devices';

type Device = 'camera' | 'microphone';

export type DeviceView =
  | { status: 'off' }
  | { status: 'asking' }
  | { status: 'on'; stream: MediaStream }
  | { status: 'failed'; error: DeviceError };

const OPEN = { camera: openCamera, microphone: openMicrophone };
const KINDS = { camera: 'videoinput', microphone: 'audioinput' } as const;

export interface DeviceCheck {
  camera: DeviceView;
  microphone: DeviceView;
  cameras: DeviceOption[];
  microphones: DeviceOption[];
  choice: DeviceChoice;
  start: (device: Device, id?: string | null) => Promise<void>;
  stop: (device: Device) => void;
}

/** Camera and microphone as they are tried out. Everything that was opened is let go when the page goes. */
export function useDeviceCheck(): DeviceCheck {
  const [camera, setCamera] = useState<DeviceView>({ status: 'off' });
  const [microphone, setMicrophone] = useState<DeviceView>({ status: 'off' });
  const [cameras, setCameras] = useState<DeviceOption[]>([]);
  const [microphones, setMicrophones] = useState<DeviceOption[]>([]);
  const [ids, setIds] = useState(() => {
    const { cameraId, microphoneId } = readDeviceChoice() ?? everythingOn;
    return { camera: cameraId, microphone: microphoneId };
  });
  const streams = useRef<Record<Device, MediaStream | null>>({ camera: null, microphone: null });
  /** Only the latest question to the browser counts. */
  const asked = useRef<Record<Device, number>>({ camera: 0, microphone: 0 });

  const show = useCallback((device: Device, view: DeviceView) => {
    (device === 'camera' ? setCamera : setMicrophone)(view);
  }, []);

  const stop = useCallback(
    (device: Device) => {
      asked.current[device] += 1;
      stopStream(streams.current[device]);
      streams.current[device] = null;
      show(device, { status: 'off' });
    },
    [show],
  );

  const start = useCallback(
    async (device: Device, id?: string | null) => {
      const mine = (asked.current[device] += 1);
      stopStream(streams.current[device]);
      streams.current[device] = null;
      show(device, { status: 'asking' });
      if (id !== undefined) setIds((before) => ({ ...before, [device]: id }));
      const wanted = id === undefined ? (readDeviceChoice()?.[`${device}Id`] ?? null) : id;
      try {
        const stream = await OPEN[device](wanted);
        if (asked.current[device] !== mine) {
          stopStream(stream);
          return;
        }
        streams.current[device] = stream;
        stream.getTracks()[0]?.addEventListener('ended', () => {
          if (streams.current[device] === stream) {
            show(device, { status: 'failed', error: deviceError({ name: 'NotFoundError' }, device) });
          }
        });
        show(device, { status: 'on', stream });
        (device === 'camera' ? setCameras : setMicrophones)(await listDevices(KINDS[device]));
      } catch (error) {
        if (asked.current[device] === mine) show(device, { status: 'failed', error: deviceError(error, device) });
      }
    },
    [show],
  );

  useEffect(() => {
    const latest = streams.current;
    const generations = asked.current;
    return () => {
      for (const device of ['camera', 'microphone'] as const) {
        generations[device] += 1;
        stopStream(latest[device]);
        latest[device] = null;
      }
    };
  }, []);

  const choice: DeviceChoice = {
    camera: camera.status === 'on',
    cameraId: ids.camera,
    microphone: microphone.status === 'on',
    microphoneId: ids.microphone,
  };
  return { camera, microphone, cameras, microphones, choice, start, stop };
}
