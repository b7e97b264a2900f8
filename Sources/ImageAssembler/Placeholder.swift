enum ImageAssemblerPlaceholder {}
