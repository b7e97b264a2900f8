import Archive
import Testing

@Suite struct CompressionRecipeTests {
    @Test(
        arguments: [
            ("none", nil, CompressionRecipe.none), ("none", 1, nil), ("gzip", nil, .standard),
            ("gzip", 12, .gzip(level: 12)),
            ("gzip", 0, nil), ("gzip", 13, nil), ("zstd", nil, .zstd(level: 3)), ("zstd", 19, .zstd(level: 19)),
            ("zstd", 20, nil), ("zstd", -1, nil), ("GZIP", nil, nil), ("", nil, nil),
        ] as [(String, Int?, CompressionRecipe?)]
    )
    func compressorsAndLevelsMakeARecipe(compressor: String, level: Int?, expected: CompressionRecipe?) {
        #expect(CompressionRecipe(compressor: compressor, level: level) == expected)
    }
}
