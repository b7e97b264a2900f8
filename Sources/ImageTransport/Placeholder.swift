enum ImageTransportPlaceholder {}
