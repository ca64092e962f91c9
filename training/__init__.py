"""What the models of this project are trained on, and how."""
