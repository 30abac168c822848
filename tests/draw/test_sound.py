"""Sound: the frequencies that were asked for, files that others read, nothing clipped."""

import io
import struct
import wave

import numpy as np
import pytest

from explorer.draw.sound import HARMONICS, LOUD, RATE, hertz, midi, rendered, tone, wav
from explorer.scene import Sound

CHORD = Sound("chord", "real", np.array([[0, 2, 60], [0, 2, 64], [0.5, 1, 67], [2, 1, 72]]), 0, 120)


def test_an_octave_doubles_the_frequency():
    assert hertz(81) == pytest.approx(2 * hertz(69))


def test_a_tone_is_the_sum_of_its_harmonics():
    """The recurrence against sines one by one, where neither attack nor release is."""
    x, t = tone(69, 0.5), np.arange(int(0.65 * RATE)) / RATE
    wanted = sum(w * np.sin(2 * np.pi * 440 * k * t) for k, w in enumerate(HARMONICS, 1))
    inner = slice(int(0.02 * RATE), int(0.5 * RATE))
    np.testing.assert_allclose(x[inner], (wanted * np.exp(-1.5 * t))[inner], atol=5e-3)


def test_no_harmonic_of_a_high_tone_aliases():
    spectrum = np.abs(np.fft.rfft(tone(108, 1.0)))  # 4186 Hz: only two harmonics lie below 11025
    peaks = np.flatnonzero(spectrum > 0.05 * spectrum.max()) * RATE / int(1.15 * RATE)
    near = np.abs(peaks[:, None] - np.array([4186.0, 8372.0])).min(1)
    assert near.max() < 30


def test_notes_sound_when_they_should_and_are_not_clipped():
    x = rendered(CHORD)
    assert np.abs(x).max() == pytest.approx(LOUD)
    assert len(x) == pytest.approx((3 * 0.5 + 0.3) * RATE, abs=2)
    alone = rendered(Sound("late", "real", np.array([[2.0, 1, 60]]), tempo=60))
    assert not alone[: 2 * RATE].any()
    assert alone[2 * RATE :].any()


def test_a_wav_file_holds_the_samples():
    with wave.open(io.BytesIO(wav(CHORD))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        read = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767
    np.testing.assert_allclose(read, rendered(CHORD), atol=1 / 32000)


def events(file):
    """(tick, note on, pitch) of a MIDI file, and microseconds of a beat: read from the format."""
    assert file[:4] == b"MThd"
    length, kind, tracks, ticks = struct.unpack(">IHHH", file[4:14])
    assert (length, kind, tracks) == (6, 0, 1)
    assert file[14:18] == b"MTrk"
    body = file[22:]
    assert struct.unpack(">I", file[18:22])[0] == len(body)
    at, now, found, tempo = 0, 0, [], 0
    while at < len(body):
        delta = 0
        while True:
            delta = delta << 7 | body[at] & 127
            at += 1
            if body[at - 1] < 128:
                break
        now += delta
        if body[at] == 0xFF:
            kind, size = body[at + 1 : at + 3]
            if kind == 0x51:
                tempo = int.from_bytes(body[at + 3 : at + 3 + size], "big")
            at += 3 + size
        else:
            found.append((now / ticks, body[at] >> 4 == 9, body[at + 1]))
            at += 3
    return found, tempo


def test_a_midi_file_read_again_has_the_same_notes():
    found, tempo = events(midi(CHORD))
    assert tempo == 500_000
    notes = [
        (start, next(t for t, on, p in found if not on and p == pitch and t > start) - start, pitch)
        for start, on, pitch in found
        if on
    ]
    assert sorted(notes) == sorted(map(tuple, CHORD.notes.tolist()))
