"""What each set may be used for: one table, here and in README.md. Whoever prints a figure prints the role with it."""

from enum import StrEnum


class Role(StrEnum):
    """What is done with a set of recordings or songs."""

    TEACH = "teach"
    """Networks learn from it; no figure of it is reported."""
    CHOOSE = "choose"
    """Constants, thresholds and weights are chosen by it; its figures are printed as such."""
    FOLDS = "report by folds"
    """Each figure is of a network that learned from the other folds, whose authors are others; what is shipped may
    learn from all of it. Honest for weights; the decoder of beats was designed with a look at these sets."""
    REPORT = "report"
    """Nothing learns from it and nothing is chosen by it."""


ROLES = {
    "mdb": Role.CHOOSE,
    "stems": Role.CHOOSE,
    "maps": Role.CHOOSE,
    "ultrastar": Role.CHOOSE,
    "composed": Role.CHOOSE,
    "composed-reported": Role.REPORT,
    "metres": Role.CHOOSE,
    "pjs": Role.CHOOSE,
    "bands": Role.CHOOSE,
    "negatives": Role.CHOOSE,
    "validation": Role.CHOOSE,
    "metal": Role.FOLDS,
    "grid": Role.FOLDS,
    "charted": Role.FOLDS,
    "voice": Role.REPORT,
    "ultrastar-reported": Role.REPORT,
    "test": Role.REPORT,
    "produced": Role.REPORT,
    "pop909": Role.TEACH,
    "groove": Role.TEACH,
    "emotify": Role.REPORT,
    "unlabelled": Role.TEACH,
    "scores": Role.TEACH,
    "instruments": Role.TEACH,
}
"""Set -> its role; README.md says what each is."""
ULTRASTAR_REPORTED = ("Jonathan_Coulton_Furry_Old_Lobster", "Joshua_Morin_On_the_run")
"""Songs of the folder `ultrastar` that are the set `ultrastar-reported`."""


def sets_of(role: Role) -> list[str]:
    """The sets that have a role."""
    return [name for name, given in ROLES.items() if given is role]
