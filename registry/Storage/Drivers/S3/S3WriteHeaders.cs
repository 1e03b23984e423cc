using Amazon.S3;
using Amazon.S3.Model;
using LocalRegistry.Registry.Configuration;

namespace LocalRegistry.Registry.Storage.Drivers.S3;

/// <summary>
/// What every write says of encryption, storage class and access list. A bucket policy that denies unencrypted uploads looks at the request,
/// not at the bucket's default, so no write may leave it out.
/// </summary>
internal sealed class S3WriteHeaders(S3Driver driver)
{
    private readonly ServerSideEncryptionMethod? _method =
        driver.EncryptionMethod is null ? null : ServerSideEncryptionMethod.FindValue(driver.EncryptionMethod);

    private readonly S3StorageClass? _storageClass = driver.StorageClass is null ? null : S3StorageClass.FindValue(driver.StorageClass);

    private readonly S3CannedACL? _acl = driver.ObjectAcl is null ? null : S3CannedACL.FindValue(driver.ObjectAcl);

    public void ApplyTo(PutObjectRequest request)
    {
        request.ServerSideEncryptionMethod = _method;
        request.ServerSideEncryptionKeyManagementServiceKeyId = driver.KeyId;
        request.StorageClass = _storageClass;
        request.CannedACL = _acl;
    }

    public void ApplyTo(InitiateMultipartUploadRequest request)
    {
        request.ServerSideEncryptionMethod = _method;
        request.ServerSideEncryptionKeyManagementServiceKeyId = driver.KeyId;
        request.StorageClass = _storageClass;
        request.CannedACL = _acl;
    }

    public void ApplyTo(CopyObjectRequest request)
    {
        request.ServerSideEncryptionMethod = _method;
        request.ServerSideEncryptionKeyManagementServiceKeyId = driver.KeyId;
        request.StorageClass = _storageClass;
        request.CannedACL = _acl;
    }
}
