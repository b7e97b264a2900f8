import ArtifactStore

/// What becomes of the content of a request, which is told before it is read.
enum Intake: Sendable {
    /// The request is answered, or refused, whatever its content is.
    case answered(Answer)
    /// It is a document of so many bytes at most, of which the answer is made; that call blocks.
    case document(limit: Int, tooLarge: Answer, answer: @Sendable ([UInt8]) -> Answer)
    /// It goes into an upload, piece by piece.
    case upload(UploadSink)
}

/// Takes the content of one request into an upload.
///
/// All calls block, and are made one after the other.
final class UploadSink: Sendable {
    private let upload: Upload
    private let start: Int64
    private let isKeptInPart: Bool
    private let end: @Sendable (Upload, _ start: Int64) -> Answer
    private let failure: @Sendable (any Error) -> Answer

    /// `isKeptInPart` says whether what came counts when the connection ends before the content does.
    init(
        _ upload: Upload,
        isKeptInPart: Bool,
        failure: @escaping @Sendable (any Error) -> Answer,
        end: @escaping @Sendable (Upload, _ start: Int64) -> Answer
    ) {
        self.upload = upload
        self.isKeptInPart = isKeptInPart
        self.end = end
        self.failure = failure
        start = upload.size
    }

    /// Takes the next bytes; an answer when that fails.
    func write(_ bytes: UnsafeRawBufferPointer) -> Answer? {
        do throws(StoreError) {
            try upload.write(bytes)
            return nil
        } catch {
            upload.close()
            return failure(error)
        }
    }

    /// The content has come to its end.
    func finish() -> Answer {
        defer { upload.close() }
        return end(upload, start)
    }

    /// The connection has ended before the content.
    func abandon() {
        if !isKeptInPart { try? upload.cut(to: start) }
        upload.close()
    }
}
