import ELF
import Foundation
import Testing

@Suite struct GoBuildInfoTests {
    private static let magic: [UInt8] = [0xFF] + Array(" Go buildinf:".utf8)
    /// Marks that the linker puts around the module text (cmd/go, modload).
    private static let start = Array(repeating: UInt8(0x30), count: 16)
    private static let end = Array(repeating: UInt8(0xF9), count: 16)

    /// The block as linkers write it since Go 1.18.
    static func inline(_ version: String, _ module: String) -> [UInt8] {
        var bytes = magic + [0, 2] + Array(repeating: 0, count: 16)
        for text in [Array(version.utf8), start + Array(module.utf8) + end] {
            var length = text.count
            while length >= 0x80 {
                bytes.append(UInt8(length & 0x7F | 0x80))
                length >>= 7
            }
            bytes += [UInt8(length)] + text
        }
        return bytes
    }

    private static let text = """
        path\tcommand-line
        mod\texample.com/tool\tv1.2.3\th1:aaaa=
        dep\tgolang.org/x/sys\tv0.20.0\th1:bbbb=
        dep\texample.com/old\tv1.0.0
        =>\texample.com/fork\tv1.0.1\th1:cccc=
        build\t-ldflags="-s -w -X \\"main.v=1\\""
        build\tGOARM=7
        build\t`odd key`=a=b
        build\tvcs.revision=0123456789abcdef
        build\t"vcs.note"="tab\\tend\\u00e9\\x41\\101"
        build\tbroken="no end
        nonsense

        """

    @Test func readsTheInlineForm() throws {
        var image = ELFImage(stackFlags: 6)
        image.extra = [(".go.buildinfo", 1, 3, Self.inline("go1.22.1", Self.text))]
        try check(image, version: "go1.22.1")
    }

    /// Without section headers it is found in the writable data, at a multiple of 16.
    @Test func findsItWithoutSections() throws {
        var image = ELFImage()
        image.hasSections = false
        image.extra = [(".data", 1, 3, Array(repeating: 7, count: 160) + Self.inline("go1.22.1", Self.text))]
        try check(image, version: "go1.22.1")
    }

    /// Go 1.13 to 1.17: pointers to two string headers, in the program's width and byte order.
    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func readsThePointerForm(is64: Bool, isBig: Bool) throws {
        var image = ELFImage(is64: is64, isBig: isBig, machine: is64 ? 183 : 8)
        // Written twice: the addresses are known once the first writing has shown where the section lies.
        var address: UInt64 = 0
        for _ in 0..<2 {
            let word: UInt64 = is64 ? 8 : 4
            let module = Self.start + Array(Self.text.utf8) + Self.end
            let headers = address + 32
            let strings = headers + 4 * word
            var bytes =
                Self.magic + [UInt8(word), isBig ? 1 : 0] + image.word(headers) + image.word(headers + 2 * word)
            bytes += Array(repeating: 0, count: 32 - bytes.count)
            bytes += image.word(strings) + image.word(8) + image.word(strings + 8) + image.word(UInt64(module.count))
            bytes += Array("go1.16.3".utf8) + module
            image.extra = [(".go.buildinfo", 1, 3, bytes)]
            address = try #require(try read(image.bytes())?.sections.first { $0.name == ".go.buildinfo" }).address
        }
        try check(image, version: "go1.16.3")
    }

    @Test("More lines than any program has modules are left out, however short: reading them takes time")
    func manyLinesAreLeftOut() throws {
        for (count, isRead) in [(8192, true), (8193, false)] {
            var image = ELFImage(stackFlags: 6)
            let text = String(repeating: "dep\ta\tv1\n", count: count)
            image.extra = [(".go.buildinfo", 1, 3, Self.inline("go1.22.1", text))]
            let info = try read(image.bytes())?.goBuildInfo
            #expect(info?.dependencies.count == (isRead ? count : nil))
        }
    }

    @Test func aDamagedBlockIsLeftOut() throws {
        for bytes in [
            Self.magic, Self.magic + [8, 0] + Array(repeating: 0xFF, count: 16),
            Self.magic + [8, 2] + Array(repeating: 0, count: 16) + Array(repeating: 0xFF, count: 16),
            Self.magic + [3, 0] + Array(repeating: 0, count: 40),
        ] as [[UInt8]] {
            var image = ELFImage()
            image.extra = [(".go.buildinfo", 1, 3, bytes)]
            let file = try #require(try read(image.bytes()))
            #expect(file.goBuildInfo == nil)
        }
    }

    private func check(_ image: ELFImage, version: String) throws {
        let info = try #require(try read(image.bytes())?.goBuildInfo)
        #expect(info.goVersion == version)
        #expect(info.packagePath == "command-line")
        #expect(info.module?.path == "example.com/tool")
        #expect(info.moduleVersion == "v1.2.3")
        #expect(info.module?.sum == "h1:aaaa=")
        #expect(info.dependencies.map(\.path) == ["golang.org/x/sys", "example.com/old"])
        #expect(info.dependencies.map(\.replacement) == [nil, "example.com/fork@v1.0.1"])
        #expect(
            info.settings == [
                "-ldflags": #"-s -w -X "main.v=1""#, "GOARM": "7", "odd key": "a=b",
                "vcs.revision": "0123456789abcdef", "vcs.note": "tab\tend\u{e9}AA",
            ]
        )
    }
}
