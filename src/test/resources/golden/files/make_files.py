"""Makes the small files in this folder with h5py and NumPy: python make_files.py"""

import json
import random
import struct

import h5py
import ml_dtypes
import numpy as np

values = np.arange(35, dtype="f4").reshape(5, 7)
bfloat16 = values.astype(ml_dtypes.bfloat16).view("V2")

with h5py.File("layouts.h5", "w") as f:
    f.create_dataset("gzip_shuffle", data=values, chunks=(2, 3), compression="gzip", shuffle=True)
    f.create_dataset("lzf", data=values, chunks=(2, 3), compression="lzf")
    f.create_dataset("big_endian", data=values.astype(">f8"))
    f.create_dataset("big_endian_chunked", data=values.astype(">i4"), chunks=(5, 7))
    f.create_dataset("half", data=values.astype("f2"), chunks=(3, 3))
    f.create_dataset("u8_chunked", data=(values * 7).astype("u1"), chunks=(4, 4))
    f.create_dataset("u64_chunked", data=np.array([1, 2**63 + 5], dtype="u8"), chunks=(1,))
    f.create_dataset("bool_chunked", data=(values % 2 == 1), chunks=(2, 2))
    f.create_dataset("bfloat16", data=bfloat16).attrs["dtype"] = "bfloat16"
    f.create_dataset("bfloat16_gzip", data=bfloat16, chunks=(2, 3), compression="gzip")
    f.create_dataset("never_written", shape=(2, 2), dtype="f4")
    f.create_dataset("complex", data=np.array([1 + 2j]))
    f.create_dataset("text", data=["a", "b"])
    f.attrs["utf8"] = "é日"
    f.attrs["fixed"] = np.array([b"ab", b"c"])
    f.attrs["bytes"] = ["é".encode(), b"x"]
    f.attrs["empty"] = []

with h5py.File("links.h5", "w") as f:
    f.create_dataset("data", data=values)
    f["soft"] = h5py.SoftLink("/data")
    f["external"] = h5py.ExternalLink("other.h5", "/x")
    f["hard"] = f["data"]
    cycle = f.create_group("cycle")
    cycle["self"] = cycle

with h5py.File("latest.h5", "w", libver="latest") as f:
    group = f.create_group("layers/dense/vars")
    group.attrs["name"] = "dense"
    group.create_dataset("0", data=values)
    group.create_dataset("1", data=values[0], chunks=(4,), compression="gzip")
    for i in range(20):
        f.attrs[f"a{i}"] = f"v{i}"

np.savez_compressed(
    "arrays.npz",
    a=np.arange(6, dtype="f4").reshape(2, 3),
    f=np.asfortranarray(np.arange(24, dtype=">i2").reshape(2, 3, 4)),
    b=np.array([True, False]),
    h=np.float16(1.5),
    z=np.zeros((0, 3), "u4"),
    zeros=np.zeros(5000, "i8"),
)

# the bits of a double and how Python writes it
random.seed(7)
floats = [0.001, 1e-7, 1.0, 0.1, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 9.999e22, 5e-324]
floats += [1.7976931348623157e308, -0.0, 0.30000000000000004, 100.0, 2.5e-05, 9999999999999998.0]
while len(floats) < 60:
    value = struct.unpack("<d", random.randbytes(8))[0]
    if value == value and abs(value) != float("inf"):
        floats.append(value)
with open("python-floats.txt", "w") as out:
    for value in floats:
        out.write(f"{struct.unpack('<q', struct.pack('<d', value))[0]} {json.dumps(value)}\n")
