"""One file per menu of RouterOS: its path, the properties to ask for, and a pure function from its rows to values."""
