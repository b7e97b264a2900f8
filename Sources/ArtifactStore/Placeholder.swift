enum ArtifactStorePlaceholder {}
