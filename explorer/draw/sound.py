"""Notes as sound and as files: additive synthesis, WAV, and a standard MIDI file.

A note is six harmonics under a soft attack and a slow decay, as in `ui/shared/synth.js`. They come
from one sine, by Chebyshev's recurrence sin(kx) = 2 cos(x) sin((k-1)x) - sin((k-2)x), and notes of
the same pitch and length are computed once. The MIDI file is written by hand (format 0).

MIDI Association (1996), Standard MIDI Files 1.0
"""

import io
import struct
import wave
from math import ceil

import numpy as np

from explorer.scene import Sound

RATE = 22_050  # samples a second
HARMONICS = (1.0, 0.5, 0.25, 0.12, 0.06, 0.03)
ATTACK, RELEASE, DECAY = 0.015, 0.15, 1.5  # seconds, seconds, per second
LOUD = 0.8  # the highest sample
TICKS = 96  # of a beat, in a MIDI file
VELOCITY = 80


def hertz(pitch: float) -> float:
    """The frequency of a MIDI pitch in equal temperament.

    >>> hertz(69), round(hertz(60), 2)
    (440.0, 261.63)
    """
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


def tone(pitch: float, seconds: float) -> np.ndarray:
    """One note (samples,) float32, its release included; harmonics that alias are left out."""
    n = int((seconds + RELEASE) * RATE)
    t = np.arange(n, dtype=np.float32) / np.float32(RATE)
    phase = np.float32(2 * np.pi * hertz(pitch)) * t
    now, twice = np.sin(phase), 2 * np.cos(phase)
    before, total = np.zeros_like(now), HARMONICS[0] * now
    for k, weight in enumerate(HARMONICS[1:], 2):
        if k * hertz(pitch) >= RATE / 2:
            break
        now, before = twice * now - before, now
        total += np.float32(weight) * now
    total *= np.exp(np.float32(-DECAY) * t)
    rise, fall = min(n, ceil(ATTACK * RATE)), min(n, ceil(RELEASE * RATE))
    total[:rise] *= t[:rise] / np.float32(ATTACK)
    total[n - fall :] *= np.linspace(1, 0, fall, dtype=np.float32)
    return total


def rendered(sound: Sound) -> np.ndarray:
    """All notes together (samples,) float32 within +-LOUD."""
    beat = 60.0 / sound.tempo
    notes = [(float(a), float(d), float(p)) for a, d, p in sound.notes]
    end = max((a + d for a, d, _ in notes), default=0.0) * beat + 2 * RELEASE
    out, known = np.zeros(int(end * RATE) + 1, np.float32), dict[tuple[float, float], np.ndarray]()
    for start, duration, pitch in notes:
        if (duration, pitch) not in known:
            known[duration, pitch] = tone(pitch, duration * beat)
        x, at = known[duration, pitch], int(start * beat * RATE)
        out[at : at + len(x)] += x
    loudest = float(np.abs(out).max())
    return out * np.float32(LOUD / loudest) if loudest else out


def wav(sound: Sound) -> bytes:
    """A WAV file: one channel of 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes((rendered(sound) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def midi(sound: Sound) -> bytes:
    """A standard MIDI file with one track."""
    events = []
    for start, duration, pitch in sound.notes.tolist():
        first, last = round(TICKS * start), round(TICKS * (start + duration))
        events += [(first, 1, round(pitch)), (last, 0, round(pitch))]
    track = b"\x00\xff\x51\x03" + struct.pack(">I", round(6e7 / sound.tempo))[1:]
    now = 0
    for tick, begins, pitch in sorted(events):  # at one tick, notes end before others begin
        track += _length(tick - now) + bytes([0x90 if begins else 0x80, pitch, VELOCITY])
        now = tick
    track += b"\x00\xff\x2f\x00"
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS)
    return head + b"MTrk" + struct.pack(">I", len(track)) + track


def _length(number: int) -> bytes:
    """A number in sevens of bits, the highest first, all but the last marked by an eighth bit.

    >>> _length(0), _length(127), _length(128)
    (b'\\x00', b'\\x7f', b'\\x81\\x00')
    """
    out = [number & 127]
    while number := number >> 7:
        out.insert(0, number & 127 | 128)
    return bytes(out)
