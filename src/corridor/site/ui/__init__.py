"""How the site looks: frame, style sheets, template tags and parts, and the home page."""
