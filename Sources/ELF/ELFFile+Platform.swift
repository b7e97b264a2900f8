extension ELFFile {
    /// The processor architecture as platforms name it (OCI image index: Go's GOARCH), such as `amd64`, `arm64`,
    /// `arm`, `386`, `riscv64`, `ppc64le`, `s390x`; nil for one that no platform stands for, such as x32.
    package var architecture: String? {
        switch (machine, elfClass, endianness) {
        case (.x86_64, .elf64, .little): "amd64"
        case (.aarch64, .elf64, .little): "arm64"
        case (.arm, .elf32, .little): "arm"
        case (.i386, .elf32, .little): "386"
        case (.riscv, .elf64, .little): "riscv64"
        case (.ppc64, .elf64, .little): "ppc64le"
        case (.ppc64, .elf64, .big): "ppc64"
        case (.s390, .elf64, .big): "s390x"
        case (.loongArch, .elf64, .little): "loong64"
        case (.mips, .elf32, .big): "mips"
        case (.mips, .elf32, .little): "mipsle"
        case (.mips, .elf64, .big): "mips64"
        case (.mips, .elf64, .little): "mips64le"
        default: nil
        }
    }

    /// The variant of the architecture that the file says it needs: `v5` to `v8` for `arm`, by its attributes or by
    /// what Go recorded; nil where it doesn't say.
    package var variant: String? {
        guard let arm else { return nil }
        if let architecture = arm.architecture { return architecture }
        guard let version = goBuildInfo?.settings["GOARM"]?.first, ("5"..."7").contains(version) else { return nil }
        return "v\(version)"
    }
}
