using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// What every write says of encryption and storage class. A bucket policy that denies unencrypted uploads looks at the request,
/// not at the bucket's default, so no write may leave it out.
/// </summary>
internal sealed class S3WriteHeaders(S3Driver driver)
{
    private readonly ServerSideEncryptionMethod? _method =
        !driver.Encrypt ? null : driver.KeyId is null ? ServerSideEncryptionMethod.AES256 : ServerSideEncryptionMethod.AWSKMS;

    private readonly S3StorageClass? _storageClass = driver.StorageClass is null ? null : S3StorageClass.FindValue(driver.StorageClass);

    public void ApplyTo(PutObjectRequest request)
    {
        request.ServerSideEncryptionMethod = _method;
        request.ServerSideEncryptionKeyManagementServiceKeyId = driver.KeyId;
        request.StorageClass = _storageClass;
    }

    public void ApplyTo(InitiateMultipartUploadRequest request)
    {
        request.ServerSideEncryptionMethod = _method;
        request.ServerSideEncryptionKeyManagementServiceKeyId = driver.KeyId;
        request.StorageClass = _storageClass;
    }

    public void ApplyTo(CopyObjectRequest request)
    {
        request.ServerSideEncryptionMethod = _method;
        request.ServerSideEncryptionKeyManagementServiceKeyId = driver.KeyId;
        request.StorageClass = _storageClass;
    }
}
