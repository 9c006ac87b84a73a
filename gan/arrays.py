"""What numpy arrays are called here, said once; tensors have their shapes in docstrings."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""8-bit pictures, 0 to 255: (H, W) drawings, (H, W, 3) colours, (H, W, 4) with alpha."""
Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
