enum ImageAuditorPlaceholder {}
