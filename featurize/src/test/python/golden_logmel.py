"""Writes golden log-mels of every FLAC file in a folder, computed by librosa in double precision.

    python golden_logmel.py FOLDER

For each FOLDER/x.flac (16 kHz mono) it writes FOLDER/x.f32: float32, little-endian, frame-major, frames x 128; and
FOLDER/golden.json with the tools and their versions, the front end, and each file's SHA-256, frames and mels.

The front end: periodic Hann window of 512 samples every 160, FFT of 1024, magnitude, 128 triangular HTK mel filters of peak 1
from 125 to 7600 Hz, log(max(x, 1e-5)). Frame t covers the samples 160 t ... 160 t + 511; librosa centres the window in the
FFT, hence the padding by 256 samples on either side.
"""
import hashlib
import json
import pathlib
import platform
import sys

import librosa
import numpy as np
import soundfile

folder = pathlib.Path(sys.argv[1])
filters = librosa.filters.mel(
    sr=16000, n_fft=1024, n_mels=128, fmin=125, fmax=7600, htk=True, norm=None, dtype=np.float64
)


def log_mel(samples):
    padded = np.pad(samples, (256, 256))
    spectrum = librosa.stft(
        padded, n_fft=1024, hop_length=160, win_length=512, window="hann", center=False, dtype=np.complex128
    )
    return np.log(np.maximum(filters @ np.abs(spectrum), 1e-5)).T


files = []
for path in sorted(folder.glob("*.flac")):
    samples, rate = soundfile.read(path, dtype="float64")
    assert rate == 16000 and samples.ndim == 1, path
    mels = log_mel(samples)
    path.with_suffix(".f32").write_bytes(mels.astype("<f4").tobytes())
    files.append(
        {
            "audio": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "samples": len(samples),
            "values": path.with_suffix(".f32").name,
            "frames": mels.shape[0],
            "mels": mels.shape[1],
        }
    )

golden = {
    "computed_by": "librosa.stft and librosa.filters.mel in float64",
    "librosa": librosa.__version__,
    "numpy": np.__version__,
    "soundfile": soundfile.__version__,
    "python": platform.python_version(),
    "files": files,
}
(folder / "golden.json").write_text(json.dumps(golden, indent=2) + "\n")
print(json.dumps(golden))
