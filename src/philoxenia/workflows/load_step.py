"""The step that says what arrivals ask of each service, and where capacity falls short."""

from philoxenia.exchange import City
from philoxenia.scenarios import inputs_from_city, load_and_gaps
from philoxenia.workflows.arrivals_step import paths_of
from philoxenia.workflows.steps import Outcome, series_of


def find_load(city: City, arrivals: Outcome, seed: int) -> Outcome:
    """Load and gaps over the sample paths that the arrivals step drew, as frames of one outcome."""
    inputs = inputs_from_city(city)
    forecast = map(series_of, arrivals.arrays)
    times, paths, notes = paths_of(arrivals, inputs.series_used(forecast))
    if not times:
        return Outcome(notes=("Load and gaps are not computed: there is no forecast of arrivals.", *notes))
    result = load_and_gaps(paths, times, inputs, seed, demand=arrivals.frames.get("demand"))
    return Outcome(
        frames={
            "load": result.load,
            "totals": result.totals,
            "outlook": result.outlook,
            "settlement": result.settlement,
            "shelter": result.shelter,
        },
        notes=(*notes, *result.missing),
    )
