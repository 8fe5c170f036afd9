"""How near an estimate comes to a reference: the field's own measures, by mir_eval."""
