"""What runs the pipeline on other machines."""
