enum ELFPlaceholder {}
