"""How far a census share may be off because only some households were asked and counts were rounded."""

from collections.abc import Mapping

import numpy as np

from philoxenia.needs.travel import Floats


def share_error(share: Floats, base: Floats, parameters: Mapping[str, float]) -> Floats:
    """Approximate standard error of a share (0..1) of `base` people or households; NaN where base is 0.

    Sampling: deff (1 - f) p (1 - p) / (f N), with p drawn a little towards one half so that a share of 0 is
    not taken for certain (Agresti and Coull 1998). Random rounding of both counts to base b adds
    (b^2 - 1) / 6 (1 + p^2) / N^2. Non-response and wrong answers are not in it.
    """
    fraction = parameters["needs.census_sample_fraction"]
    rounding = max(parameters["needs.census_rounding_base"] ** 2 - 1, 0.0) / 6
    people = np.where(base > 0, base, np.nan)
    asked = fraction * people
    drawn = (asked * share + 1) / (asked + 2)
    sampling = parameters["needs.census_design_effect"] * (1 - fraction) * drawn * (1 - drawn) / asked
    error: Floats = np.sqrt(sampling + rounding * (1 + share**2) / people**2)
    return error
