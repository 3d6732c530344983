"""The city's application: stores, shows, decides who may. Everything it computes comes from `philoxenia`."""
