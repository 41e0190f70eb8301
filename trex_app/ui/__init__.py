"""What a person sees: pages, steps, shared controls and the Reflex states behind them."""
