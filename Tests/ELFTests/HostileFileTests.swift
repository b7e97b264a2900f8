import ELF
import Testing

/// Files that were cut, altered or made to harm: an error or an answer, never a trap, never work without bound.
@Suite struct HostileFileTests {
    /// An image with everything in it that the reader looks at.
    static func image(is64: Bool = true, isBig: Bool = false) -> ELFImage {
        var image = ELFImage(is64: is64, isBig: isBig, type: 3, machine: is64 ? 62 : 40)
        image.interpreter = "/lib64/ld-linux-x86-64.so.2"
        image.dynamic = [(1, .string("libc.so.6")), (29, .string("$ORIGIN")), (0x6FFF_FFFB, .number(0x0800_0000))]
        image.notes = [
            .init(owner: "GNU", type: 3, bytes: Array(0..<20)), .init(owner: "Go", type: 4, bytes: Array("a/b".utf8)),
            .init(owner: "FDO", type: 0xCAFE_1A7E, bytes: Array("{}".utf8)),
        ]
        image.stackFlags = 6
        image.extra = [
            (".go.buildinfo", 1, 3, GoBuildInfoTests.inline("go1.22.1", "path\tx\nmod\tx\tv1.0.0\t\n")),
            (".ARM.attributes", 0x7000_0003, 0, ARMTests.attributes([6, 10, 28, 1])),
        ]
        return image
    }

    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func aFileCutAnywhereIsRefused(is64: Bool, isBig: Bool) throws {
        let bytes = Self.image(is64: is64, isBig: isBig).bytes()
        #expect(try read(bytes) != nil)
        for count in 0..<4 { #expect(try read(Array(bytes.prefix(count))) == nil) }
        for count in 4..<bytes.count {
            #expect(throws: ELFError.self, "cut to \(count)") { try read(Array(bytes.prefix(count))) }
        }
    }

    @Test(arguments: [true, false])
    func aFileWithoutSectionsCutAnywhereIsRefused(is64: Bool) throws {
        var image = Self.image(is64: is64)
        image.hasSections = false
        let bytes = image.bytes()
        #expect(try read(bytes)?.sections == [])
        for count in 4..<bytes.count {
            #expect(throws: ELFError.self, "cut to \(count)") { try read(Array(bytes.prefix(count))) }
        }
    }

    @Test func otherFilesAreNoELFFiles() throws {
        #expect(try read([]) == nil)
        #expect(try read(Array("#!/bin/sh\n".utf8)) == nil)
        #expect(try read([0x7F, 0x45, 0x4C]) == nil)
    }

    @Test func theErrorNamesThePlaceWhatWasFoundAndWhatWouldBeRight() throws {
        var bytes = Self.image().bytes()
        bytes[4] = 9
        #expect {
            try read(bytes)
        } throws: { error in
            "\(error)" == "EI_CLASS at offset 4 is 9, where 1 (32 bits) or 2 (64 bits) is expected"
        }
        bytes[4] = 2
        #expect {
            try read(Array(bytes.prefix(100)))
        } throws: { error in
            "\(error)".hasSuffix("but the file ends at 100: is it cut short?")
        }
    }

    @Test(arguments: [
        (32, 8, "the program header table"), (40, 8, "the first section header"), (54, 2, "e_phentsize"),
        (56, 2, "the program header table"), (58, 2, "e_shentsize"), (60, 2, "the section header table"),
        (62, 2, "e_shstrndx"),
    ])
    func aFieldOfAllOnesIsRefused(offset: Int, size: Int, what: String) throws {
        var bytes = Self.image().bytes()
        // 0xFFFF is a mark in e_phnum and e_shstrndx, one less is a count.
        for index in 0..<size { bytes[offset + index] = index == 0 ? 0xFE : 0xFF }
        #expect {
            try read(bytes)
        } throws: { error in
            "\(error)".contains(what)
        }
    }

    /// 32-bit counts stand in section 0 where 16 bits don't do (gABI, "Extended section header").
    @Test func hugeCountsInTheFirstSectionAreRefused() throws {
        let good = Self.image().bytes()
        let sections = (0..<8).reduce(0) { $0 | Int(good[40 + $1]) << (8 * $1) }
        var bytes = good
        bytes[60] = 0
        bytes[61] = 0
        for index in 0..<8 { bytes[sections + 32 + index] = 0xFF }
        #expect(throws: ELFError.self) { try read(bytes) }
        // The same place with the right count is a file like any other.
        for index in 0..<8 { bytes[sections + 32 + index] = index == 0 ? good[60] : 0 }
        #expect(try read(bytes)?.sections == read(good)?.sections)
    }

    @Test func sectionsThatShareOneLongNameStayBounded() throws {
        var image = ELFImage()
        let name = String(repeating: "n", count: 60_000)
        image.extra = [(name, 1, 0, [])]
        var bytes = image.bytes()
        let sections = (0..<8).reduce(0) { $0 | Int(bytes[40 + $1]) << (8 * $1) }
        let long = Array(bytes[(sections + 64)..<(sections + 128)])
        // 1,000 more headers with that name, the table of names kept at index 2.
        for _ in 0..<1000 { bytes += long }
        bytes[60] = UInt8(1003 & 0xFF)
        bytes[61] = UInt8(1003 >> 8)
        #expect {
            try read(bytes)
        } throws: { error in
            "\(error)".hasPrefix("the bytes of the section names")
        }
    }

    @Test func anEndlessStringOfNoNULIsRefused() throws {
        var image = ELFImage()
        image.interpreter = String(repeating: "x", count: 10_000)
        #expect(throws: ELFError.self) { try read(image.bytes()) }
    }

    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func alteredFilesNeverTrap(is64: Bool, isBig: Bool) throws {
        var generator = SplitMix(state: 20_261_124)
        var image = Self.image(is64: is64, isBig: isBig)
        for hasSections in [true, false] {
            image.hasSections = hasSections
            let good = image.bytes()
            var answers = 0
            for _ in 0..<10_000 {
                var bytes = good
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    let place = Int.random(in: 4..<bytes.count, using: &generator)
                    bytes[place] =
                        [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &generator)]
                        .randomElement(using: &generator) ?? 0
                }
                guard let file = try? read(bytes) else { continue }
                answers += 1
                for section in file.sections { _ = bytes[section.fileRange].last }
            }
            #expect(answers > 1000)
        }
    }
}

/// A small generator with a fixed seed, so that a failure comes again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
