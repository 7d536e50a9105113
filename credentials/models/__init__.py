from credentials.models.ban import BanCase, BanSubject, BanSubjectVersion
from credentials.models.certificate import Certificate, CertificateFile, NumberSeries
from credentials.models.check import StaffCheck
from credentials.models.key import SigningKey
from credentials.models.mark import StatusMark
from credentials.models.overturn import OverturnProposal
from credentials.models.task import EmployerTask

__all__ = [
    "BanCase",
    "BanSubject",
    "BanSubjectVersion",
    "Certificate",
    "CertificateFile",
    "EmployerTask",
    "NumberSeries",
    "OverturnProposal",
    "SigningKey",
    "StaffCheck",
    "StatusMark",
]
