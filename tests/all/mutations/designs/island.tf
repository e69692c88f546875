# A cluster without internet: its nodes reach the services of AWS through VPC endpoints, and nobody comes from
# elsewhere.
resource "aws_vpc" "eks" {
  cidr_block = "10.2.0.0/16"
  enable_dns_support = true
  enable_dns_hostnames = true
}
resource "aws_subnet" "eks_a" {
  vpc_id = aws_vpc.eks.id
  cidr_block = "10.2.0.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_subnet" "eks_b" {
  vpc_id = aws_vpc.eks.id
  cidr_block = "10.2.1.0/24"
  availability_zone = "us-east-1b"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks_a" {
  subnet_id = aws_subnet.eks_a.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route_table_association" "eks_b" {
  subnet_id = aws_subnet.eks_b.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_security_group" "endpoints" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol = "tcp"
    from_port = 443
    to_port = 443
    cidr_blocks = ["10.2.0.0/16"]
  }
}
resource "aws_eks_cluster" "main" {
  name = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
    endpoint_private_access = true
    endpoint_public_access = false
  }
}
resource "aws_eks_node_group" "main" {
  cluster_name = aws_eks_cluster.main.name
  node_group_name = "main"
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  scaling_config {
    desired_size = 2
    max_size = 2
    min_size = 2
  }
}
resource "aws_vpc_endpoint" "ec2" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.ec2"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "ecr_api" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.ecr.api"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "ecr_dkr" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.ecr.dkr"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "sts" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.sts"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "logs" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.logs"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "elb" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.elasticloadbalancing"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "autoscaling" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.autoscaling"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "eks" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.eks"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "eks_auth" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.eks-auth"
  vpc_endpoint_type = "Interface"
  private_dns_enabled = true
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
  security_group_ids = [aws_security_group.endpoints.id]
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id = aws_vpc.eks.id
  service_name = "com.amazonaws.us-east-1.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids = [aws_route_table.eks.id]
}
