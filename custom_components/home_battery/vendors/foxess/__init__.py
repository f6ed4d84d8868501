"""Fox ESS, through the Open API of its cloud."""
