// Notes as sound, by WebAudio: six harmonics with a soft attack, as explorer/draw/sound.py renders them.

const HARMONICS = [1, 0.5, 0.25, 0.12, 0.06, 0.03];
const ATTACK = 0.015, RELEASE = 0.15, DECAY = 1.5, VOLUME = 0.18; // seconds; per second
let context = null, wave = null, playing = null;

export const hertz = (pitch) => 440 * 2 ** ((pitch - 69) / 12);

// A browser lets a page sound only after a click or a key: call it from there.
function audio() {
  if (!context) {
    context = new AudioContext();
    wave = context.createPeriodicWave(new Float32Array(HARMONICS.length + 1), Float32Array.from([0, ...HARMONICS]));
  }
  if (context.state === "suspended") context.resume();
  return context;
}

function sound(to, pitch, start, seconds) {
  const voice = context.createOscillator(), loud = context.createGain(), end = start + seconds + RELEASE;
  voice.setPeriodicWave(wave);
  voice.frequency.value = hertz(pitch);
  loud.gain.setValueAtTime(0, start);
  loud.gain.linearRampToValueAtTime(VOLUME, start + ATTACK);
  loud.gain.exponentialRampToValueAtTime(VOLUME * Math.exp(-DECAY * seconds), start + Math.max(seconds, 2 * ATTACK));
  loud.gain.linearRampToValueAtTime(0, end + ATTACK);
  voice.connect(loud).connect(to);
  voice.start(start);
  voice.stop(end + 2 * ATTACK);
}

// Play notes (start, duration, pitch, start, ...), the first two in beats. Returns what has the beat it
// is at and can be stopped; `over` is called once, at the end or when something else is played.
export function play(notes, tempo, over) {
  playing?.stop();
  const { currentTime } = audio(), begin = currentTime + 0.06, beat = 60 / tempo, out = context.createGain();
  out.connect(context.destination);
  let last = 0;
  for (let i = 0; i < notes.length; i += 3) {
    sound(out, notes[i + 2], begin + beat * notes[i], beat * notes[i + 1]);
    last = Math.max(last, notes[i] + notes[i + 1]);
  }
  const own = {
    at: () => (context.currentTime - begin) / beat,
    last,
    stop: () => {
      if (playing !== own) return;
      playing = null;
      clearTimeout(timer);
      out.gain.linearRampToValueAtTime(0, context.currentTime + 0.05);
      setTimeout(() => out.disconnect(), 100);
      over();
    },
  };
  const timer = setTimeout(() => own.stop(), 1000 * (beat * last + RELEASE + 0.2));
  playing = own;
  return own;
}
