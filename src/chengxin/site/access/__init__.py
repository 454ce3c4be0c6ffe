"""The gate carried out: the only place where a reader's request becomes rows, names and counts of the registers.

Each function takes an `Asked`, which names the outlet, the day and place in the log, the purpose and the ground. It asks the gate
for every resource and kind of subject, joins the conditions into one WHERE, opens the rows against the log, and cuts what is left.
"""
