"""Clusters, schools, who belongs to whom and when: the ground the features stand on."""
