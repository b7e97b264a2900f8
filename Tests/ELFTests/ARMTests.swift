import ELF
import Testing

@Suite struct ARMTests {
    /// The section `.ARM.attributes` with one file subsection of the vendor `aeabi`.
    static func attributes(_ pairs: [UInt8], image: ELFImage = ELFImage()) -> [UInt8] {
        let name = [5] + Array("Cortex-A7".utf8) + [0] as [UInt8]
        let subsection = [1] + image.number(UInt64(5 + name.count + pairs.count), 4) + name + pairs
        let vendor = Array("aeabi".utf8) + [0] + subsection
        return [UInt8(ascii: "A")] + image.number(UInt64(4 + vendor.count), 4) + vendor
    }

    @Test(
        arguments: [
            ([6, 10, 28, 1], 0x0500_0400, "v7", "hard"), ([6, 6, 28, 1], 0x0500_0400, "v6", "hard"),
            ([6, 4], 0x0500_0200, "v5", "soft"), ([6, 14, 28, 1], 0x0500_0000, "v8", "hard"),
            ([6, 10, 28, 0], 0x0500_0000, "v7", "soft"),
            ([28, 1, 32, 1, 0x47, 0, 67, 0x41, 0, 6, 10], 0, "v7", "hard"),
        ] as [([UInt8], UInt32, String, String)]
    )
    func tellsTheVariantAndTheFloatABI(pairs: [UInt8], flags: UInt32, variant: String, floats: String) throws {
        for isBig in [false, true] {
            var image = ELFImage(is64: false, isBig: isBig, machine: 40, flags: flags)
            image.extra = [(".ARM.attributes", 0x7000_0003, 0, Self.attributes(pairs, image: image))]
            let file = try #require(try read(image.bytes()))
            #expect(file.arm?.architecture == variant)
            #expect(file.arm?.floatABI?.rawValue == floats)
            #expect(file.variant == variant)
            #expect(file.architecture == (isBig ? nil : "arm"))
        }
    }

    @Test func aGoProgramTellsByItsSettings() throws {
        var image = ELFImage(is64: false, machine: 40)
        image.extra = [
            (".go.buildinfo", 1, 3, GoBuildInfoTests.inline("go1.22.1", "path\tx\nbuild\tGOARM=6,softfloat\n"))
        ]
        let file = try #require(try read(image.bytes()))
        #expect(file.variant == "v6")
    }

    @Test func damagedAttributesSayNothing() throws {
        let good = Self.attributes([6, 10, 28, 1])
        for count in 0..<good.count {
            var image = ELFImage(is64: false, machine: 40)
            image.extra = [(".ARM.attributes", 0x7000_0003, 0, Array(good.prefix(count)))]
            #expect(try read(image.bytes())?.arm == ARMFactsProbe.nothing)
        }
    }
}

/// What a file says that says nothing.
private enum ARMFactsProbe {
    static var nothing: ARMFacts? {
        get throws { try read(ELFImage(is64: false, machine: 40).bytes())?.arm }
    }
}
