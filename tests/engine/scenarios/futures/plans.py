"""Plans for made-up cities that use every kind of lever."""

from philoxenia.scenarios.futures import Lever, LeverKind, Model, Span

EVERY_KIND = (
    Lever(
        "shelter places", LeverKind.CAPACITY, 60, "shelter", start=1, lead=2, ramp=2, cost_per_month=9_000.0
    ),
    Lever("vacant flats", LeverKind.CAPACITY, 30, "homes", lead=1, ramp=3, cost_once=50_000.0),
    Lever("clinic hours", LeverKind.CAPACITY, 0.2, "clinic", relative=True, duration=4, cost_per_month=3e4),
    Lever("school annexe", LeverKind.CAPACITY, 40, "school", districts=("001",), lead=3),
    Lever("waste sorting", LeverKind.USE, -0.1, "waste", ramp=4, effect=Span(0.5, 1.0, 1.2)),
    Lever(
        "rent subsidy",
        LeverKind.EXITS,
        0.5,
        groups=("newcomer_children", "newcomer_women", "long_term_women"),
        start=1,
        effect=Span(0.4, 1.0, 1.5),
        lead_factor=Span(1, 1, 2),
        cost_factor=Span(0.9, 1.0, 1.6),
        cost_per_exit=1_200.0,
        cost_per_exit_month=500.0,
    ),
    Lever("eviction aid", LeverKind.ENTRIES, -0.3, bands=("60+",), lead=1),
    Lever("work nearby", LeverKind.DEPARTURES, -0.2, bands=("0-2", "3-5")),
    Lever("health card", LeverKind.ELIGIBILITY, 0.2, "clinic", bands=("0-2",)),
    Lever("clinic bus", LeverKind.REACH, 60.0, "clinic", start=2),
)


def plans_for(model: Model) -> dict[str, tuple[Lever, ...]]:
    """Without, one lever, and all kinds of levers at once."""
    names = {service.name for service in model.services}
    usable = tuple(lever for lever in EVERY_KIND if lever.target in {"", "shelter", "homes"} | names)
    return {"without": (), "subsidy": (EVERY_KIND[5],), "everything": usable}
