/** What the person chose before the interview. */
export interface DeviceChoice {
  camera: boolean;
  cameraId: string | null;
  microphone: boolean;
  microphoneId: string | null;
}

export const everythingOn: DeviceChoice = { camera: true, cameraId: null, microphone: true, microphoneId: null };

const KEY = 'dost-devices';

/** The choice of this tab, or null when none has been made. */
export function readDeviceChoice(): DeviceChoice | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isChoice(value) ? value : null;
  } catch {
    return null;
  }
}

export function writeDeviceChoice(choice: DeviceChoice): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Without storage the room asks the browser for its default devices.
  }
}

function isChoice(value: unknown): value is DeviceChoice {
  if (typeof value !== 'object' || value === null) return false;
  const choice = value as Partial<Record<keyof DeviceChoice, unknown>>;
  const idOrNull = (id: unknown) => id === null || typeof id === 'string';
  return (
    typeof choice.camera === 'boolean' &&
    typeof choice.microphone === 'boolean' &&
    idOrNull(choice.cameraId) &&
    idOrNull(choice.microphoneId)
  );
}
