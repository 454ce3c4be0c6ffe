"""Pure values: identifiers, days, text, errors, the clock. Everything else may import them; they import nothing of ours."""
