"""The step that says what arrivals ask of each service, and where capacity falls short."""

from philoxenia.exchange import City
from philoxenia.scenarios import inputs_from_city, load_and_gaps
from philoxenia.workflows.arrivals_step import paths_of
from philoxenia.workflows.steps import Outcome, series_of


def find_load(city: City, arrivals: Outcome, seed: int) -> Outcome:
    """Load and gaps over the sample paths that the arrivals step drew, as frames of one outcome.

    Shelter is reckoned from recorded intake, so its gap is a lower bound where services were full: the
    estimate of demand rests on one assumption too many to count beds by, and is shown beside.
    """
    inputs = inputs_from_city(city)
    forecast = map(series_of, arrivals.arrays)
    times, paths, notes = paths_of(arrivals, inputs.series_used(forecast))
    if not times:
        return Outcome(notes=("Load and gaps are not computed: there is no forecast of arrivals.", *notes))
    result = load_and_gaps(paths, times, inputs, seed)
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
