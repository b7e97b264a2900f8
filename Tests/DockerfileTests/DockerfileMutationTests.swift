import Testing

@testable import Dockerfile

/// A file that nobody has looked at gives a result or one error, in bounded time, whatever is in it.
@Suite struct DockerfileMutationTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        // SplitMix64: the same numbers on every machine.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let seed = """
        # syntax=docker/dockerfile:1
        # escape=\\
        ARG BASE=scratch TAG="a b"
        FROM --platform=$BUILDPLATFORM ${BASE:-scratch} AS first
        ARG TARGETARCH
        ENV A=b C="d $A" E='f' \\
            # comment

            G=${A#b}${A%%*}${A/x/y}
        ENV old form value
        LABEL "k.1"="v" k2=v\\ w
        COPY --chmod=0755 --chown=1:2 --link --exclude=*.md tool-linux-${TARGETARCH} /tool
        COPY <<EOF <<-'X' ["quoted"] /dest/
        text $A
        EOF
        \tmore
        \tX
        ADD ["a b", "c"]
        HEALTHCHECK --interval=1m30s --retries=3 CMD ["/tool", "\\u0041"]
        ONBUILD RUN <<E
        x
        E
        SHELL ["/bin/sh"]
        EXPOSE 80/tcp 1-2
        VOLUME ["/a"] 
        STOPSIGNAL 9
        USER 1
        WORKDIR /w
        RUN --mount=type=cache echo
        ENTRYPOINT ["/tool"]
        CMD -x
        """

    @Test func everyMutationIsReadOrRefused() {
        var generator = Generator(state: 20_261_124)
        let seed = Array(Self.seed.utf8)
        let specials = Array("\\`$'\"{}<>-=#[],:/ \t\r\n\0EOF".utf8) + [0xFF, 0xC3, 0xE2]
        var read = 0
        for _ in 0..<1_500 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[place] = specials.randomElement(using: &generator) ?? 0
                case 1: bytes.insert(specials.randomElement(using: &generator) ?? 0, at: place)
                case 2: bytes.remove(at: place)
                case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
                }
                if bytes.isEmpty { bytes = [0x46] }
            }
            guard let file = try? Dockerfile(parsing: bytes) else { continue }
            read += 1
            let lexer = ShellLexer(escape: file.escape)
            for instruction in file.stages.flatMap(\.instructions) {
                _ = try? lexer.expand(instruction.source, ["A": "b", "TARGETARCH": "amd64"])
            }
        }
        #expect(read > 100)
    }
}
