"""The made-up city of the tests with a catalogue of two actions for foresight to choose from."""

from pathlib import Path

from tests.journeys.made_city import write_city

_TABLES = {
    "actions": """action,title,summary,blueprint,crf_goals,funder,lead_months,ramp_months,duration_months,\
cost_once,cost_per_month,cost_low,cost_high,sizes,needs,excludes,cost_source,cost_date,note
more_homes,More homes,Homes are bought.,P1;P12,1,city,1,2,,100000,1000,0.9,1.3,0.5;1,,,Budget 2024,2024,
rent,Rent support,Rent is paid.,P12,1;4,state,0,0,,0,5000,,,,more_homes,,assumption,2024,
""",
    "action_effects": """action,kind,target,size,relative,districts,groups,bands,low,high,cost_per_exit,\
cost_per_exit_month,source,date
more_homes,capacity,homes,20,,,,,0.5,1.3,,,assumption,2024
""",
    "action_benefits": """action,benefit,unit,amount_per_month,value,value_low,value_high,pillar,\
groups,source,date
rent,Quiet,hours,100,70,20,90,co_benefit,newcomer_women,assumption,2024
""",
    "unit_values": """measure,unit,value,low,high,pillar,source,date
waiting,month without a place,-3500,-6000,-1500,avoided_loss,assumption,2024
""",
    "action_budgets": """funder,title,year,amount,source
city,The city,1,3000000,assumption
""",
}


def write_acting_city(folder: Path) -> Path:
    """Four districts, thirty months of arrivals, two actions of two funders."""
    write_city(folder, side=2, months=30)
    for name, rows in _TABLES.items():
        (folder / "tables" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return folder
