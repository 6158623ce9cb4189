"""Questions in English and Chinese: a grammar over the graph. Emits only labels of the graph and its own templates."""
