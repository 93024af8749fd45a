/**
 * Runs inside the page before any of its own code. The microphone is a WebAudio stream that plays what the test
 * hands to `__say`; the camera is a drawn picture. Everything after getUserMedia is the product's own.
 */
export function fakeDevices({ restless = false } = {}) {
  if (!navigator.mediaDevices) return;
  let context;
  let microphone;
  let snow;
  function voice() {
    if (!context) {
      context = new AudioContext({ sampleRate: 48000 });
      microphone = context.createMediaStreamDestination();
      // A faint hiss: a real microphone is never digitally silent.
      const hiss = context.createBuffer(1, 48000, 48000);
      const samples = hiss.getChannelData(0);
      for (let i = 0; i < samples.length; i += 1) samples[i] = (Math.random() - 0.5) * 0.0006;
      const loop = new AudioBufferSourceNode(context, { buffer: hiss, loop: true });
      loop.connect(microphone);
      loop.start();
    }
    return microphone.stream.getAudioTracks()[0].clone();
  }
  function noise(width = 640, height = 240) {
    const bytes = width * height * 4;
    snow ??= Uint8ClampedArray.from({ length: 2 * bytes }, (_, index) => (index % 4 === 3 ? 255 : Math.random() * 256));
    const from = 4 * Math.floor((Math.random() * bytes) / 4);
    return new ImageData(snow.slice(from, from + bytes), width, height);
  }
  function camera() {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 480;
    const pen = canvas.getContext('2d');
    let frame = 0;
    setInterval(() => {
      frame += 1;
      pen.fillStyle = '#40566b';
      pen.fillRect(0, 0, 640, 480);
      pen.fillStyle = '#e8c4a0';
      pen.beginPath();
      pen.ellipse(320 + 6 * Math.sin(frame / 10), 230, 90, 120, 0, 0, 7);
      pen.fill();
      pen.fillStyle = '#fff';
      pen.font = '24px sans-serif';
      pen.fillText(String(frame), 20, 450);
      // Nothing a codec could foresee: the recorder uses more bits than it may.
      if (restless) pen.putImageData(noise(), 0, 240);
    }, 66);
    return canvas.captureStream(15).getVideoTracks()[0];
  }
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const tracks = [];
    if (wanted.audio) tracks.push(voice());
    if (wanted.video) tracks.push(camera());
    return new MediaStream(tracks);
  };
  window.__say = async (wavInBase64) => {
    voice();
    await context.resume();
    const bytes = Uint8Array.from(atob(wavInBase64), (letter) => letter.charCodeAt(0));
    const buffer = await context.decodeAudioData(bytes.buffer);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(microphone);
    await new Promise((done) => {
      source.onended = done;
      source.start();
    });
  };
}
