"""A city package's tables and sample paths as a model that futures can start from.

Owns which table and parameter becomes which part of the model; ignores stepping. The same reading of the
tables as `load_and_gaps`: both begin with `build_case`.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from philoxenia.scenarios.case import Case, build_case
from philoxenia.scenarios.draws import stream
from philoxenia.scenarios.flows import path
from philoxenia.scenarios.futures.city_people import StartingPeople, starting_people
from philoxenia.scenarios.futures.city_services import city_services, distances_between
from philoxenia.scenarios.futures.draws import EXIT_NOISE
from philoxenia.scenarios.futures.fit import ExitFit, fit_exits
from philoxenia.scenarios.futures.shocks import known_shocks
from philoxenia.scenarios.futures.types import (
    LAST_BAND,
    Floats,
    Homes,
    Model,
    ShelterSystem,
    Shock,
    Span,
)
from philoxenia.scenarios.settlement import shares
from philoxenia.scenarios.types import RETURNS, CityInputs, Paths


def model_of(
    inputs: CityInputs,
    paths: Paths,
    times: tuple[str, ...],
    seed: int = 0,
    *,
    shocks: Sequence[Shock] | None = None,
) -> Model:
    """The model of one city. `paths`: (paths, months) by (measure, group), as a forecast draws them; `times`:
    their months. What is missing or assumed is said in `Model.notes`. Raises `LoadError` with the remedy."""
    notes = list(inputs.missing)
    case = build_case(paths, times, inputs, seed, notes)
    people = starting_people(case, inputs)
    fit = _fit(case, inputs)
    distances = distances_between(inputs)
    _say_what_is_assumed(case, people, notes)
    return Model(
        districts=case.districts,
        months=case.times,
        in_homes=people.in_homes,
        homes_months=people.homes_months,
        shelter_months=people.shelter_months,
        waiting_months=np.zeros_like(people.shelter_months),
        paths=_paths(case, inputs, paths, people) | _exit_noise(case, fit, seed),
        arrival_classes=people.arrivals,
        homeless_classes=people.homeless,
        homes=_homes(inputs, people),
        shelter=_shelter(case, inputs, fit),
        services=city_services(case, inputs, people.in_homes, notes),
        shocks=known_shocks() if shocks is None else tuple(shocks),
        exit_factor=_exit_factor(fit, inputs),
        departure_factor=_around_one(inputs, "departure_factor"),
        rent_growth=_span(inputs, "rent_growth"),
        exit_rent_elasticity=inputs.parameters["futures.exit_rent_elasticity"],
        near=None if distances is None else np.argsort(distances, axis=1, kind="stable"),
        distances_km=distances,
        notes=tuple(dict.fromkeys(notes)),
    )


def _span(inputs: CityInputs, name: str) -> Span:
    row = inputs.parameters
    return Span(row[f"futures.{name}_low"], row[f"futures.{name}"], row[f"futures.{name}_high"])


def _around_one(inputs: CityInputs, name: str) -> Span:
    return Span(inputs.parameters[f"futures.{name}_low"], 1.0, inputs.parameters[f"futures.{name}_high"])


def _fit(case: Case, inputs: CityInputs) -> ExitFit | None:
    if case.shelter is None or inputs.shelter_flow is None:
        return None
    before = inputs.shelter_flow.filter(pl.col("month") < case.times[0])
    return fit_exits(before, case.shelter.flows.groups, inputs.parameters)


def _exit_factor(fit: ExitFit | None, inputs: CityInputs) -> Span:
    return fit.factor if fit and fit.factor else _around_one(inputs, "exit_factor")


def _paths(case: Case, inputs: CityInputs, paths: Paths, people: StartingPeople) -> dict[str, Floats]:
    """People a month (P, T) for each flow. What the flow table leaves unexplained goes with those who come
    back, and below nobody with those who come anew, so that the stock's identity holds."""
    months = len(case.times)
    direct = case.entries.to_homes[-months:].T + people.steady
    nobody = np.zeros_like(direct)
    flows = {"newcomers_to_homes": direct}
    names = ("newcomers_to_shelter", "newcomers_from_homes", "newcomers_back")
    others = ("long_term_from_homes", "long_term_from_homes", "long_term_back")
    flows |= dict.fromkeys((*names, *others), nobody)
    if case.shelter is None:
        return flows
    system = case.shelter.flows
    for row, group in enumerate(system.groups):
        anew, lost, back = names if system.split and row == 0 else others
        housed = _from_housing(inputs, paths, group, system.flows.returns[row])
        rest = (system.flows.returns[row] - housed + system.flows.residual[row]).T
        flows[back] = np.maximum(rest, 0.0)
        flows[anew] = np.maximum(system.flows.intake[row].T + np.minimum(rest, 0.0), 0.0)
        flows[lost] = housed.T + (flows[lost] if lost == anew else 0.0)
    return flows


def _exit_noise(case: Case, fit: ExitFit | None, seed: int) -> dict[str, Floats]:
    """How far exits of single months stray from their rate (P, T): months of the past, drawn anew."""
    if fit is None:
        return {}
    shape = (case.entries.stay.shape[1], len(case.times))
    return {EXIT_NOISE: stream(seed, "exit_noise").choice(fit.monthly, size=shape)}


def _from_housing(inputs: CityInputs, paths: Paths, group: str, returns: Floats) -> Floats:
    """Those of the people who return that come from homes: as forecast, or as in the table."""
    forecast = path(paths, RETURNS[0], group)
    if forecast is not None and forecast.shape == returns.shape:
        return np.minimum(forecast, returns)
    flow = inputs.shelter_flow
    rows = pl.DataFrame() if flow is None else flow.filter(pl.col("group") == group)
    counted = [float(rows[name].sum() or 0) if name in rows.columns else 0.0 for name in RETURNS]
    return returns * (counted[0] / sum(counted) if sum(counted) > 0 else 0.0)


def _homes(inputs: CityInputs, people: StartingPeople) -> Homes:
    parameters = inputs.parameters
    persons = parameters["futures.persons_per_home"]
    homes = people.in_homes.sum(axis=(0, 1)) / persons
    newcomers, long_term = people.in_homes[:, :LAST_BAND].sum(), people.in_homes[:, LAST_BAND].sum()
    leaving = parameters["scenarios.leave_city_share_per_month"]
    growth = parameters["scenarios.base_growth_per_year"] / 12
    # Who came at the census's pace is balanced by who leaves, so that the base stays as the census found it.
    others = max((people.steady - leaving * newcomers) / long_term - growth, 0.0) if long_term > 0 else 0.0
    return Homes(
        vacant=homes * parameters["futures.vacant_homes_share"],
        added=homes * parameters["futures.homes_added_per_year"] / 12,
        shares=people.settled,
        rent=_relative_rents(inputs),
        persons_per_home=persons,
        moving=parameters["futures.move_share_per_month"],
        departing=(leaving, others),
        network=parameters["futures.network_weight"],
        vacancy_pull=parameters["futures.vacancy_weight"],
        rent_elasticity=Span(
            parameters["futures.rent_elasticity_low"],
            parameters["futures.rent_elasticity_low"],
            parameters["futures.rent_elasticity_high"],
        ),
    )


def _relative_rents(inputs: CityInputs) -> Floats:
    profile = inputs.profile
    if "median_rent" not in profile.columns:
        return np.ones(profile.height)
    rents = profile["median_rent"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    known = rents[np.isfinite(rents) & (rents > 0)]
    middle = float(np.median(known)) if known.size else 1.0
    return np.asarray(np.where(np.isfinite(rents) & (rents > 0), rents, middle) / middle, dtype=np.float64)


def _shelter(case: Case, inputs: CityInputs, fit: ExitFit | None) -> ShelterSystem:
    parameters = inputs.parameters
    homes, elsewhere = (fit.to_homes, fit.to_elsewhere) if fit else ((0.0,), (0.0,))
    placed = shares(case.people.shelter)
    start = 0.0 if case.shelter is None else float(case.shelter.flows.start.sum())
    places = start if case.shelter is None else float(case.shelter.places[0])
    return ShelterSystem(
        places=places if np.isfinite(places) else max(start, 1.0) * 1e3,
        districts=placed,
        to_homes=(homes[0], homes[-1]),
        to_elsewhere=(elsewhere[0], elsewhere[-1]),
        stop_waiting=parameters["scenarios.stop_waiting_share_per_month"],
        stopped_leave_city=parameters["futures.stopped_leave_city_share"],
        stay_near=parameters["scenarios.stay_near_shelter_share"],
        back_after=int(parameters["futures.back_after_months"]),
        capacity_factor=_around_one(inputs, "places_factor"),
    )


def _say_what_is_assumed(case: Case, people: StartingPeople, notes: list[str]) -> None:
    if people.steady > 0:
        notes.append(
            f"Newcomers no series counts keep coming at the census's pace, {people.steady:,.0f} a month "
            "and as many long-term residents leave, so that this changes nothing by itself (assumption)."
        )
    if case.shelter is not None:
        notes.append(
            "How many will be in the shelters and leave them may be foreseen no better here than by keeping "
            "the last value: philoxenia simulate CITY --backtest tells. What plans change is read from the "
            "difference between two courses of the same future."
        )
    if case.shelter is None:
        notes.append("There is no shelter system in these futures: no flow table says who comes to it.")
    elif not np.isfinite(case.shelter.places[0]):
        notes.append("Nothing says how many places shelters have: in these futures nobody waits for one.")
