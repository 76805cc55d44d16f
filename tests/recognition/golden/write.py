"""Writes what LiteRT gives for each photo. Arguments: the folder of model and photos, the folder to write to."""

import pathlib
import sys

import numpy
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

source, target = (pathlib.Path(folder) for folder in sys.argv[1:])
interpreter = Interpreter(str(source / "efficientnet_lite0.tflite"), num_threads=1)
interpreter.allocate_tensors()
(takes,), (gives,) = interpreter.get_input_details(), interpreter.get_output_details()
for photo in sorted((source / "photos").iterdir()):
    picture = Image.open(photo).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
    interpreter.set_tensor(takes["index"], numpy.asarray(picture)[None])
    interpreter.invoke()
    (target / photo.stem).with_suffix(".u8").write_bytes(interpreter.get_tensor(gives["index"])[0].tobytes())
